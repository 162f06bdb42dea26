"""通信の鍵: who may speak on the network, and by which keys; nobody else's signature counts."""
