"""保存と廃棄: how long each kind of record is kept, when it is due, and who may let it go."""
