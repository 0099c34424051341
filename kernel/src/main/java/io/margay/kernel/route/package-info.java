/** Links, addresses, routes and neighbours through rtnetlink. */
@NullMarked
package io.margay.kernel.route;

import org.jspecify.annotations.NullMarked;
