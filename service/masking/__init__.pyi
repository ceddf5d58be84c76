from .conversation import turns_to_send as turns_to_send
from .names import mask_question as mask_question
from .notation import is_personal as is_personal
from .notation import mask_details as mask_details
