from .installation import back_up as back_up
from .installation import is_copy_of_tables as is_copy_of_tables
from .installation import put_tables_back as put_tables_back
from .installation import restore as restore
from .opening import make_store as make_store
