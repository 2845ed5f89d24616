/**
 * What a running server shows to monitoring: meters, and the endpoint that they are read from.
 *
 * <p>Start with {@link prekeeper.metrics.Monitor}. It looks at the other rooms through what they tell anyway; none of them knows of it
 * or of its library. Never an address of anybody in a label. Openfire's plugin leaves it out.
 */
package prekeeper.metrics;
