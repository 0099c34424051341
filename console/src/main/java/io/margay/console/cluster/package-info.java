/** The cluster's endpoints and policies as they are now, to look things up in. */
@NullMarked
package io.margay.console.cluster;

import org.jspecify.annotations.NullMarked;
