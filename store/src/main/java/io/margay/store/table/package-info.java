/** How objects look in a table, for the API's Table form and for the command line. */
@NullMarked
package io.margay.store.table;

import org.jspecify.annotations.NullMarked;
