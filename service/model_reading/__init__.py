"""Having a language model read published papers: what it is asked, what it replied."""
