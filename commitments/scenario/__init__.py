"""The commitments of the case of Thái Hòa, played through the domain's own functions beside the dialogue's."""
