"""本人への利用記録の提示: who looked at a person's record, told to that person, and asked why.

`queries` gives the list, `cards` what proves a person, `questions` what was asked and answered.
What is held back stands in `law/own_log`.
"""
