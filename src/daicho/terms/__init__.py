"""語彙: the values, records and changes (異動) of the field.

Pure: no framework, no clock, no files.
"""
