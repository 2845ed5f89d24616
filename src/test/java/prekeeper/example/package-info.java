/** Programs that the documents show. Compiled and run by the integration tests, so that what is shown works. */
package prekeeper.example;
