/** Which objects of a list or watch the client wants to see. */
@NullMarked
package io.margay.store.apiserver.select;

import org.jspecify.annotations.NullMarked;
