/** {@code margay cedar}: policies of agents on the command line, in the official file formats. */
@NullMarked
package io.margay.app.cli.cedar;

import org.jspecify.annotations.NullMarked;
