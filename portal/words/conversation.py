"""What comes after a question on a return, in sentences."""

TURN = {
    True: "Answered: your turn. It was submitted again and waits to be verified.",
    False: "Answered, and with the partner: it can be verified once it is submitted again.",
}
"""By whether the return was submitted again."""
ANSWERED = (
    "The question is answered. If the return was sent back to you, submit it again, changed or not: only then can the "
    "partnership team verify it."
)
SUBMIT_AGAIN = (
    "The questions are answered. Now submit the return again, changed or not, with “Save and check” below: only then can "
    "the partnership team verify it."
)
