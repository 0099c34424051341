/** A whole cluster on this machine: {@code ./margay demo}. */
@NullMarked
package io.margay.app.lab;

import org.jspecify.annotations.NullMarked;
