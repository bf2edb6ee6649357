"""What is explored, and how it is taken in: URLs and Android packages."""
