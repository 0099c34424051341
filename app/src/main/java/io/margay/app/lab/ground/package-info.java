/** What a lab stands on: the kernel of this machine, or memory alone. */
@NullMarked
package io.margay.app.lab.ground;

import org.jspecify.annotations.NullMarked;
