from .backing_up import back_up as back_up
from .backing_up import is_copy_of_tables as is_copy_of_tables
from .backing_up import put_tables_back as put_tables_back
from .backing_up import restore as restore
from .opening import make_store as make_store
