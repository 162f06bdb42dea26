"""誤りの処理 (7.1.1.1): what an operator sees and does about messages that did not get through."""
