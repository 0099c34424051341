/** What depends on a virtual machine's address, and on the machine's labels. */
@NullMarked
package io.margay.console.blast;

import org.jspecify.annotations.NullMarked;
