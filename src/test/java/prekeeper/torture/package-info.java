/**
 * The torture test: clients publish and take through servers that are killed again and again, and write down what they heard.
 *
 * <p>{@link prekeeper.torture.Torture} runs it, on its own ({@code bin/torture}) or from a test. {@link
 * prekeeper.torture.Publisher} and {@link prekeeper.torture.Taker} write a {@link prekeeper.torture.ClientLog} each;
 * {@link prekeeper.torture.Checker} reads nothing but these.
 */
package prekeeper.torture;
