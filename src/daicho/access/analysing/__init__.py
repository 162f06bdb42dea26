"""利用記録の分析: a month of the trail counted, what stands out listed, judged and signed for.

What stands out is said by `law/safety/watching`; the trail itself is searched by `access/trailing`.
"""
