/** {@code margay vm}: virtual machines, their migrations, and what depends on their addresses. */
@NullMarked
package io.margay.app.cli.vm;

import org.jspecify.annotations.NullMarked;
