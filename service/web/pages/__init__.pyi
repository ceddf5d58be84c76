from . import progress as progress
from . import rendering as rendering
from . import site_files as site_files
from . import views as views
from .items import item_values as item_values
from .rendering import page as page
from .rendering import problem_page as problem_page
