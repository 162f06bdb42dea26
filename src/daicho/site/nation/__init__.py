"""小さな国: municipalities, prefectures and the centre on one machine, for `demo --network`."""
