/** The language of statements about a whole cluster: who may, must or must not reach whom. */
@NullMarked
package io.margay.model.assertion;

import org.jspecify.annotations.NullMarked;
