// One's own account: what a member sees and changes of it.
import sql, { empty } from 'sql-template-tag'
import type { Account } from '../contract/account.ts'
import type { Database } from './database.ts'

export const readAccount = (db: Database, memberId: number): Promise<Account | null> =>
  db.row<Account>(sql`
    SELECT email, language, shows_jobs AS "showsJobs", password_hash IS NOT NULL AS "hasPassword",
      totp_since AS "secondFactorSince",
      (SELECT count(*)::integer FROM recovery_code WHERE member_id = member.id AND used_at IS NULL)
        AS "recoveryCodesLeft",
      EXISTS (SELECT FROM member_identity WHERE member_id = member.id) AS joined
    FROM member WHERE id = ${memberId}`)

/** Throws where the name is taken: `brokenConstraint` says `member_name`. */
export const changeAccount = async (
  db: Database,
  memberId: number,
  change: { name?: string | undefined; language?: string | null | undefined; showsJobs?: boolean | undefined },
): Promise<void> => {
  const { name = null, language, showsJobs = null } = change
  await db.run(sql`
    UPDATE member SET name = coalesce(${name}, name), shows_jobs = coalesce(${showsJobs}, shows_jobs)
      ${language === undefined ? empty : sql`, language = ${language}`}
    WHERE id = ${memberId}`)
}

export const changeEmail = async (db: Database, memberId: number, email: string | null): Promise<void> => {
  await db.run(sql`UPDATE member SET email = ${email} WHERE id = ${memberId}`)
}

/** The sealed secret of the second factor; offered, or in force since `since`. */
export const readSecret = (db: Database, memberId: number): Promise<{ sealed: Buffer; since: string | null } | null> =>
  db.row<{ sealed: Buffer; since: string | null }>(sql`
    SELECT totp_secret AS sealed, totp_since AS since FROM member WHERE id = ${memberId} AND totp_secret IS NOT NULL`)

/** False where a second factor is in force: it is not replaced under its owner. */
export const offerSecret = async (db: Database, memberId: number, sealed: Buffer): Promise<boolean> =>
  (await db.run(sql`
    UPDATE member SET totp_secret = ${sealed}, totp_step = 0 WHERE id = ${memberId} AND totp_since IS NULL`)) === 1

export const confirmSecret = async (db: Database, memberId: number): Promise<boolean> =>
  (await db.run(sql`
    UPDATE member SET totp_since = now()
    WHERE id = ${memberId} AND totp_since IS NULL AND totp_secret IS NOT NULL`)) === 1

/** False where the number of this half minute, or of a later one, was used already. */
export const spendStep = async (db: Database, memberId: number, step: number): Promise<boolean> =>
  (await db.run(sql`UPDATE member SET totp_step = ${step} WHERE id = ${memberId} AND totp_step < ${step}`)) === 1

export const removeSecondFactor = async (db: Database, memberId: number): Promise<void> => {
  await db.run(sql`UPDATE member SET totp_secret = NULL, totp_since = NULL, totp_step = 0 WHERE id = ${memberId}`)
  await db.run(sql`DELETE FROM recovery_code WHERE member_id = ${memberId}`)
}

export const replaceRecoveryCodes = async (
  db: Database,
  memberId: number,
  hashes: readonly Buffer[],
): Promise<void> => {
  await db.run(sql`DELETE FROM recovery_code WHERE member_id = ${memberId}`)
  await db.run(sql`
    INSERT INTO recovery_code (member_id, code_hash) SELECT ${memberId}, unnest(${[...hashes]}::bytea[])`)
}

/** False where it is none of his, or was used. */
export const spendRecoveryCode = async (db: Database, memberId: number, hash: Buffer): Promise<boolean> =>
  (await db.run(sql`
    UPDATE recovery_code SET used_at = now()
    WHERE member_id = ${memberId} AND code_hash = ${hash} AND used_at IS NULL`)) === 1
