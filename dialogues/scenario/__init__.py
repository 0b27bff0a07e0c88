"""The real case of Thái Hòa, 2 January 2020, as data and as a play: demo of `make run` and acceptance of the tests.

thai-hoa-2020.yaml is the case, stage.yaml what it leaves open, open-now.yaml a conference for the day of the load.
source reads and moves dates; organization, conference, items and open_now turn the data into steps; script plays them.
"""
