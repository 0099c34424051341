/** The web page. */
@NullMarked
package io.margay.console.page;

import org.jspecify.annotations.NullMarked;
