/** JSON with the place of every value, so that an error in it can be pointed at. */
@NullMarked
package io.margay.cedar.json;

import org.jspecify.annotations.NullMarked;
