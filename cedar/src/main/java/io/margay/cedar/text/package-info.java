/** Trees to text: canonical on one line, or formatted for people. */
@NullMarked
package io.margay.cedar.text;

import org.jspecify.annotations.NullMarked;
