/** What expressions evaluate to. Immutable; equality is Cedar's {@code ==}. */
@NullMarked
package io.margay.cedar.value;

import org.jspecify.annotations.NullMarked;
