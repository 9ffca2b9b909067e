"""What reviewers of the three levels tell one another and ask the candidate, and what two cases share.

Actions: imported by review's views and commands, and by review.cases.
"""
