// Commands that firmware may take minutes for before it says `ok`.

const long =
  /^(?:M109|M190|M191|M116|M303|G28|G29|G30|G32|G33|G34|G80|G425|G4|M0|M1|M226|M400|M48|M600|M601|M603|M701|M702|M125|M412|M997|M46)\b/i

/** Whether silence after this command is no sign of a dead link. */
export const isLong = (command: string): boolean => long.test(command)
