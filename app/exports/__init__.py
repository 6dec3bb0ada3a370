"""What a try-on leaves for other programs: meshes, scenes, films, and a folder of all that was found."""
