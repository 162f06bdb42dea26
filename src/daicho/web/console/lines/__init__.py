"""回線の画面: the lines to the neighbours, and the messages that did not get through; any role."""
