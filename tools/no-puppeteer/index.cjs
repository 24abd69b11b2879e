// See package.json: "crawlee" exports all that this module has, which is nothing.
