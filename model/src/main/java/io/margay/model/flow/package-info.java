/** What was seen on the network and how it was judged. */
@NullMarked
package io.margay.model.flow;

import org.jspecify.annotations.NullMarked;
