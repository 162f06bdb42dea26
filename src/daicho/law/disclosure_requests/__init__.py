"""開示請求: what a person may ask to be disclosed, who may ask, by when and how it is decided."""
