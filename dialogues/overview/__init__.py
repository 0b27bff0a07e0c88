"""The numbers of the dialogue for those who lead (cchc.followup.domain.overview), a file for each noun."""
