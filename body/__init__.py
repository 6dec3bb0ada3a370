"""A person: pose, body, measurements. No Qt, no OpenGL."""
