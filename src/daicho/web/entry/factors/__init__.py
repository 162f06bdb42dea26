"""第二の要素の画面: showing one at sign-in, registering and ending one's own."""
