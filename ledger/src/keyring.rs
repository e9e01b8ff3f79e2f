//! The keys in use: few in memory, all in `owner_key`.

use std::collections::{HashMap, HashSet};

use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row as _, Sqlite};
use store::Tx;

use crate::random::random;
use crate::seal::SealKey;
use crate::{LedgerError, Owner};

/// Keys kept in memory. Beyond it the memory is emptied: the next group reads what it needs.
const OWNERS_MAX: usize = 16_384;
/// Bound values a statement; SQLite takes 32,766.
const BINDS_MAX: usize = 30_000;

/// Groups after which the house gets a new key: with random nonces, one AES-GCM key may seal 2^32 times
/// (NIST SP 800-38D, section 8.3), and groups would have to hold 65,536 entries each to come there.
const HOUSE_GROUPS_MAX: u32 = 1 << 16;

/// A key and its names.
pub(crate) struct OwnerKey {
    pub(crate) key_id: i64,
    /// What stands for the person inside sidecars: random, so that it says nothing outside.
    pub(crate) reference: [u8; 16],
    pub(crate) seal: SealKey,
}

/// The house's key, and those of owners met lately. Whoever destroys a key in the table must have
/// it forgotten here in the same group, or sidecars would be sealed under a key that is gone.
pub(crate) struct Keyring {
    house: OwnerKey,
    /// Groups since the house got its key.
    house_groups: u32,
    owners: HashMap<Owner, OwnerKey>,
}

impl Keyring {
    /// Starts with a fresh key of the house; what older ones sealed is opened by their number.
    pub(crate) async fn open(tx: &mut Tx) -> Result<Self, LedgerError> {
        Ok(Self {
            house: house_key(tx).await?,
            house_groups: 0,
            owners: HashMap::new(),
        })
    }

    /// Reads the keys of `owners`, and makes those that are missing.
    pub(crate) async fn provide(
        &mut self,
        tx: &mut Tx,
        owners: impl Iterator<Item = Owner>,
    ) -> Result<(), LedgerError> {
        if self.house_groups >= HOUSE_GROUPS_MAX {
            self.house = house_key(tx).await?;
            self.house_groups = 0;
        }
        self.house_groups = self.house_groups.saturating_add(1);
        let owners: HashSet<Owner> = owners.collect();
        if self.owners.len().saturating_add(owners.len()) > OWNERS_MAX {
            self.owners.clear();
        }
        let unknown = self.unknown(&owners);
        for owners in unknown.chunks(BINDS_MAX) {
            let mut query = QueryBuilder::<Sqlite>::new(
                "SELECT key_id, owner, reference, key FROM owner_key WHERE owner IN (",
            );
            let mut list = query.separated(", ");
            for owner in owners {
                list.push_bind(owner.0.to_vec());
            }
            query.push(")");
            self.take(tx, query).await?;
        }
        let missing = self.unknown(&owners);
        for owners in missing.chunks(BINDS_MAX / 3) {
            let mut keys = Vec::with_capacity(owners.len());
            for owner in owners {
                keys.push((owner, random::<16>()?, random::<32>()?));
            }
            let mut query =
                QueryBuilder::<Sqlite>::new("INSERT INTO owner_key (owner, reference, key) ");
            query.push_values(keys, |mut row, (owner, reference, key)| {
                row.push_bind(owner.0.to_vec())
                    .push_bind(reference.to_vec())
                    .push_bind(key.to_vec());
            });
            query.push(" RETURNING key_id, owner, reference, key");
            self.take(tx, query).await?;
        }
        Ok(())
    }

    /// The key of an owner that was provided; the house's for nobody.
    pub(crate) fn key(&self, owner: Option<Owner>) -> Result<&OwnerKey, LedgerError> {
        match owner {
            None => Ok(&self.house),
            Some(owner) => self.owners.get(&owner).ok_or(LedgerError::Seal),
        }
    }

    /// Forgets keys that may not be stored after all: the house's too, so that the next group makes one.
    pub(crate) fn forget(&mut self) {
        self.owners.clear();
        self.house_groups = HOUSE_GROUPS_MAX;
    }

    fn unknown(&self, owners: &HashSet<Owner>) -> Vec<Owner> {
        let known = |owner: &&Owner| !self.owners.contains_key(*owner);
        owners.iter().filter(known).copied().collect()
    }

    async fn take(
        &mut self,
        tx: &mut Tx,
        mut query: QueryBuilder<Sqlite>,
    ) -> Result<(), LedgerError> {
        // Its text differs with every number of owners: not worth a place among prepared ones.
        let rows = query.build().persistent(false).fetch_all(&mut **tx).await?;
        for row in rows {
            if let (Some(owner), key) = read(&row)? {
                self.owners.insert(owner, key);
            }
        }
        Ok(())
    }
}

async fn house_key(tx: &mut Tx) -> Result<OwnerKey, LedgerError> {
    let row = sqlx::query(
        "INSERT INTO owner_key (owner, reference, key) VALUES (NULL, $1, $2) \
         RETURNING key_id, owner, reference, key",
    )
    .bind(random::<16>()?.to_vec())
    .bind(random::<32>()?.to_vec())
    .fetch_one(&mut **tx)
    .await?;
    Ok(read(&row)?.1)
}

fn read(row: &SqliteRow) -> Result<(Option<Owner>, OwnerKey), LedgerError> {
    let owner: Option<&[u8]> = row.try_get(1)?;
    let reference: &[u8] = row.try_get(2)?;
    let key = OwnerKey {
        key_id: row.try_get(0)?,
        reference: reference.try_into().map_err(|_| LedgerError::Seal)?,
        seal: SealKey::new(row.try_get(3)?).ok_or(LedgerError::Seal)?,
    };
    let owner = owner.map(<[u8; 16]>::try_from).transpose();
    Ok((owner.map_err(|_| LedgerError::Seal)?.map(Owner), key))
}
