/** The cluster's PolicyAssertions, proven again whenever something changes. */
@NullMarked
package io.margay.console.assertion;

import org.jspecify.annotations.NullMarked;
