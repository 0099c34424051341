/** Text to trees: lexer, recursive descent, errors that say what to write instead. */
@NullMarked
package io.margay.cedar.parser;

import org.jspecify.annotations.NullMarked;
