/* The materials page with a script. Without it every form still works. */
"use strict";
