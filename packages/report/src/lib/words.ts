/** `learningRate` as `learning rate`. */
export const words = (name: string) =>
  name.replaceAll(/(?<=[a-z\d])[A-Z]/g, (c) => ` ${c.toLowerCase()}`);
