"""What reviewers of the three levels tell one another, ask the candidate and are given; what two cases share.

Actions: imported by review's views and commands, and by review.cases.
"""
