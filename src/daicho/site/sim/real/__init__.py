"""実際の処理による模擬: the nation of `demo --network`, killed again and again at work."""
