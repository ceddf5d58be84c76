"""The scripts that install and start, as make, the Dockerfile and a new machine call them."""
