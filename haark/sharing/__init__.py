"""The plan as the client sees and answers it (SP-6, RV-13, XB-7): a link per person, no account, nothing internal."""
