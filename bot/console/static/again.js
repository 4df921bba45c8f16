// What is being prepared is looked at again by itself; the link does it without JavaScript.
"use strict";
if (document.querySelector("[data-again]")) setTimeout(() => location.reload(), 3000);
